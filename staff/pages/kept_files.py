"""Files of a form kept between looking at them and taking them in, so that nobody chooses them twice; no script can do that."""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from staff.models import User
from staff.services.keeping import MOST_BYTES, keep, take_out


def keep_files(request: HttpRequest, *, field: str, purpose: str) -> str:
    """The token the files of the form are found by; "" when they are more than is kept, and have to be chosen again."""
    files = request.FILES.getlist(field)
    if not isinstance(request.user, User) or sum(file.size or 0 for file in files) > MOST_BYTES // 2:
        return ""
    bundle = BytesIO()
    with ZipFile(bundle, "w", ZIP_STORED) as archive:
        for place, file in enumerate(files):
            file.seek(0)
            archive.writestr(f"{place}/{file.name}", file.read())
    return keep(user=request.user, purpose=purpose, content=bundle.getvalue(), now=timezone.now())


def put_files_back(request: HttpRequest, *, field: str, purpose: str, token: str) -> bool:
    """Let the form have brought what was kept; False when that is gone or somebody else's."""
    if not isinstance(request.user, User):
        return False
    found = take_out(user=request.user, purpose=purpose, token=token, now=timezone.now())
    if found is None:
        return False
    with ZipFile(BytesIO(found)) as archive:
        files = [SimpleUploadedFile(name.partition("/")[2], archive.read(name)) for name in archive.namelist()]
    setattr(request, "_files", MultiValueDict({field: files}))  # noqa: B010  (typed as read-only)
    return True
