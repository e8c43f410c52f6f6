"""The services the product brings along, so that a laptop with Python alone can run it: PostgreSQL and Redis.

They are started when no `DATABASE_URL` or `CELERY_BROKER_URL` names a server, and refused in production.
"""
