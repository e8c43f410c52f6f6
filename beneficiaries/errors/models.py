"""Refusals about models of matching: trained, kept, adopted."""

from staff.errors import Refusal


class ModelVersionTaken(Refusal):
    code = "MODEL_VERSION_TAKEN"
    sentence = "Đã có mô hình mang tên phiên bản này; mời đặt tên khác."


class AnotherTrainingWaits(Refusal):
    code = "ANOTHER_TRAINING_WAITS"
    sentence = "Một lượt huấn luyện khác đang chờ hoặc đang chạy; mời đợi xong rồi đặt lại."


class ModelNotKept(Refusal):
    code = "MODEL_NOT_KEPT"
    sentence = "Không có mô hình mang tên phiên bản này."


class MakerCannotAdopt(Refusal):
    code = "MAKER_CANNOT_ADOPT"
    sentence = "Người lập mô hình không tự quyết định dùng mô hình đó; mời người khác quyết định."


class TooFewToTrain(Refusal):
    code = "TOO_FEW_TO_TRAIN"
    sentence = "Chưa đủ người có số định danh khớp dữ liệu dân cư để huấn luyện mô hình."
