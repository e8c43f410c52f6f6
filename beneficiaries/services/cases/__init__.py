"""Cases (việc cần xử lý): raised by detectors, decided by people, handed over between officers."""
