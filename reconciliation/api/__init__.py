"""The API of reconciling: statements, differences, periods, the proof."""
