"""The embedded emulator: ministack in an environment and a process of its own.

`installation` and `process` run in the project's environment and never import ministack;
`server`, `front_door` and `tuning` run in the emulator's.
"""
