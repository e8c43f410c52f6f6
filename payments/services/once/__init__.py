"""What is paid once: grants, gifts, emergency help, by person or household."""
