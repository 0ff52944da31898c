"""Damage run backwards and forwards.

`simulate` runs the programs that broke the bytes forwards, `restore_shift` searches what stood there; `gbk` is their codec.
"""
