"""Titles of parts that are no pieces of a collection."""

from __future__ import annotations

import pytest

from audit.language.titles import is_apparatus, is_chapter


@pytest.mark.parametrize(
    "title",
    [
        "第七章附则",
        "\t第六章 附 则",
        "目　录",
        "第六章　附則",
        "## 附录二 术语表",
        "后记",
        "## 参考文献",
        "# License",
        "十、参考资料：",
        "关于作者",
    ],
)
def test_apparatus(title: str) -> None:
    assert is_apparatus(title)


@pytest.mark.parametrize(
    "title", ["关于开展植树活动的通知", "安装工程监理总结3", "第三章 证据", "## 许可制度改革", "序曲", "目录学概论", ""]
)
def test_a_subject_is_no_apparatus(title: str) -> None:
    assert not is_apparatus(title)


@pytest.mark.parametrize(
    ("title", "chapter"), [("第三章 证据", True), ("# 第十二回", True), ("第3篇", False), ("总结3", False)]
)
def test_chapters(title: str, chapter: bool) -> None:
    assert is_chapter(title) is chapter
