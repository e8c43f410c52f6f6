"""Lists that inspectors' questions are answered from."""
