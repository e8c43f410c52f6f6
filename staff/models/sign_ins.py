"""Where a member of staff is signed in with a browser, so that they can see it and end it."""

from django.db import models

from staff.models.users import User


class SignIn(models.Model):
    """One session of one person. It lives as long as the session: whatever ended is forgotten at the next log-in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True, help_text="of `django_session`; never shown")
    signed_in_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True, help_text="what the browser says it is")
