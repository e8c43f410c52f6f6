"""Into which account a person is paid, and how they come to have one."""
