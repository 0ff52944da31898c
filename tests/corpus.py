"""A small corpus of shards with everything in it that a scan must bear: repeats, damage, broken rows, broken files."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

WORDS = [
    "社区",
    "居民",
    "河道",
    "清理",
    "今年",
    "以来",
    "组织",
    "志愿者",
    "开展",
    "活动",
    "效果",
    "良好",
    "干部",
    "走访",
    "群众",
    "解决",
    "问题",
    "制定",
    "方案",
    "落实",
    "责任",
    "检查",
    "卫生",
    "环境",
    "学校",
    "教师",
    "学生",
    "课程",
    "改革",
    "医院",
    "医生",
    "病人",
    "服务",
    "水平",
    "提高",
    "工厂",
    "生产",
    "安全",
    "设备",
    "管理",
    "员工",
    "培训",
    "农村",
    "土地",
    "粮食",
    "收成",
    "道路",
    "建设",
    "资金",
    "项目",
    "计划",
    "完成",
    "任务",
    "目标",
    "会议",
    "讨论",
    "意见",
    "报告",
    "统计",
    "数据",
    "分析",
    "结果",
    "说明",
    "增长",
]


def body(draw: random.Random, sentences: int = 30) -> str:
    """A text of some sentences of words by lot."""
    made = ["".join(draw.choice(WORDS) for _ in range(draw.randint(5, 9))) + "。" for _ in range(sentences)]
    return "\n".join("".join(made[at : at + 5]) for at in range(0, len(made), 5))


def edited(text: str, share: float, draw: random.Random) -> str:
    """A text with that share of its characters dropped, replaced or doubled by another."""
    return "".join(
        draw.choice(("", draw.choice(text), char + draw.choice(text)))
        if char != "\n" and draw.random() < share
        else char
        for char in text
    )


def rows(count: int, seed: int = 3) -> list[dict[str, Any]]:
    """Records; every tenth repeats an earlier one, every tenth an edited one, every tenth is damaged."""
    draw = random.Random(seed)
    made: list[dict[str, Any]] = []
    for number in range(count):
        text = body(draw)
        if number % 10 == 7:
            text = made[draw.randrange(number)]["text"]
        elif number % 10 == 8:
            text = edited(made[draw.randrange(number)]["text"], 0.03, draw)
        elif number % 10 == 9:
            text = text.replace("今年", "20xx年").replace("居民", "居(jū)民(mín)").replace("社区", "社(shè)区(qū)")
        made.append({"id": f"e{number}", "text": text})
    return made


def write(folder: Path, count: int = 80) -> Path:
    """Shards of that many records in four formats, a text of three entries, and two broken shards."""
    folder.mkdir(parents=True)
    made = rows(count)
    quarter = count // 4
    parts = [
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made[at : at + quarter]).encode()
        for at in range(0, count, quarter)
    ]
    (folder / "a.jsonl").write_bytes(parts[0] + b'{"no":1}\n{bad\n' + parts[0].split(b"\n")[0] + b"\n")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(parts[1]))
    (folder / "c.jsonl").write_bytes(parts[2])
    table = "".join(f'{row["id"]},"{row["text"]}"\n' for row in made[3 * quarter :])
    (folder / "d.csv").write_bytes(f"id,text\n{table}".encode())
    (folder / "e.csv").write_bytes(b"id,texts\n1,x\n")
    (folder / "f.jsonl.gz").write_bytes(gzip.compress(parts[3])[:-200])
    (folder / "g.txt").write_bytes("".join(f"第{n + 1}篇 总结\n{made[n]['text']}\n\n" for n in range(3)).encode())
    return folder
