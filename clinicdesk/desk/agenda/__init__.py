"""The agenda: its values, its picture and its gestures."""
