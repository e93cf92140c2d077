"""What a check is: a claim about the whole tree and a function that lists what contradicts it."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Check:
    claim: str
    find: typing.Callable  # (Tree) -> findings, each "path:line: what, and what to do instead"
