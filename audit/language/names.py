"""What names of persons begin with."""

from __future__ import annotations

# the commonest hundred and twenty, in both scripts: nine bearers of ten
SURNAMES = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖田董袁潘于蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫阎段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯"

# what stands right before a name: the last characters of 职工, 村民, 患者, 户主, 同学, 孤儿, 村里的, 五组
BEARERS = "工员員民生人友者主户戶童学學儿兒村里裡的组組"
