"""The words of the verification page."""

from __future__ import annotations

from engine.ports.results import CopyFinding
from engine.queries.copies import CopyVerdict
from web.texts import t

LARGEST = 10 * 2**20  # bytes of a copy that is looked into; a result has a tenth of a megabyte

STANDINGS = {
    "valid": ("Có hiệu lực", "In force", "ok"),
    "replaced": ("Đã được thay thế", "Replaced", "warning"),
    "revoked": ("Đã bị thu hồi", "Revoked", "late"),
    "unsigned": ("Chưa ký xong, chưa có hiệu lực", "Not completely signed, not in force", "warning"),
}
VERDICTS = {
    "genuine": (
        "Đúng là bản do cơ quan này phát hành, còn nguyên vẹn và đang có hiệu lực.",
        "This is the very file that this agency issued, unaltered and in force.",
    ),
    "replaced": (
        "Bản này do cơ quan phát hành và còn nguyên vẹn, nhưng kết quả đã được thay bằng bản khác.",
        "This agency issued this file and it is unaltered, but the result has been replaced by another.",
    ),
    "revoked": (
        "Bản này do cơ quan phát hành và còn nguyên vẹn, nhưng đã bị thu hồi, không còn giá trị.",
        "This agency issued this file and it is unaltered, but it has been revoked and is void.",
    ),
    "earlier": (
        "Đây là một bản chưa đủ chữ ký của kết quả này. Hãy dùng bản phát hành sau cùng.",
        "This file of the result lacks a later signature. Use the file that was issued last.",
    ),
    "unsigned": (
        "Bản này chưa được ký xong nên chưa có giá trị.",
        "This file is not completely signed and has no value yet.",
    ),
    "altered": (
        "Bản này đã bị sửa sau khi ký. Không dùng bản này.",
        "This file was altered after it had been signed. Do not rely on it.",
    ),
    "untrusted": (
        "Chữ ký trên bản này không được tin cậy; xem các mục không đạt bên dưới. Không dùng bản này.",
        "A signature on this file is not trusted; see below what it fails. Do not rely on it.",
    ),
    "foreign": (
        "Chữ ký trên tệp đúng, nhưng đây không phải bản kết quả hay giấy tờ nào do cơ quan này phát hành.",
        "The signatures are right, but this file is no result or paper that this agency issued.",
    ),
    "unknown": (
        "Tệp này không có chữ ký số và không phải bản do cơ quan này phát hành.",
        "This file bears no digital signature and was not issued by this agency.",
    ),
    "other": (
        "Tệp này là bản của một kết quả hoặc giấy tờ khác, không phải của mã QR này.",
        "This file belongs to another result or paper than this QR code.",
    ),
}
UNREADABLE = {
    "not_pdf": ("Tệp này không phải PDF. Hãy chọn tệp PDF kết quả.", "This is no PDF. Choose the PDF of the result."),
    "encrypted": (
        "Tệp PDF này bị khóa bằng mật khẩu nên không kiểm tra được. Kết quả của cơ quan không đặt mật khẩu.",
        "This PDF is encrypted and cannot be checked. Results of this agency have no password.",
    ),
    "damaged": (
        "Tệp PDF này bị hỏng hoặc bị cắt mất một phần nên không kiểm tra được. Hãy tải lại bản kết quả.",
        "This PDF is damaged or a part of it is missing. Download the result again.",
    ),
    "too_large": (
        "Tệp lớn hơn 10 MB, lớn hơn mọi kết quả của cơ quan. Hãy chọn đúng tệp kết quả.",
        "The file is larger than 10 MB, larger than any result of this agency. Choose the right file.",
    ),
}
CHECKS = {
    "coverage": ("Sau khi ký không thêm gì ngoài chữ ký sau", "Nothing but a later signature was added after signing"),
    "content": ("Nội dung đã ký không đổi", "The signed content is unaltered"),
    "mathematics": ("Chữ ký đúng với khóa của người ký", "The signature fits the signer’s key"),
    "chain": ("Chứng thư do nơi cấp được tin cậy cấp", "The certificate comes from a trusted authority"),
    "validity": (
        "Chứng thư còn hạn và không bị thu hồi lúc ký",
        "The certificate was valid and not revoked when signing",
    ),
    "timestamp": ("Dấu thời gian đúng và được tin cậy", "The time-stamp is right and trusted"),
    "strength": ("Thuật toán đủ mạnh", "The algorithms are strong enough"),
    "issued": ("Trùng từng byte với bản phát hành sau cùng", "Byte for byte the file that was issued last"),
    "in_force": ("Kết quả đang có hiệu lực trong sổ của cơ quan", "The result is in force in the agency’s register"),
}
PROBLEMS = {
    "altered": ("nội dung đã ký bị thay đổi", "the signed content was altered"),
    "changed_later": ("tệp bị thêm, sửa sau khi ký", "something was added after signing"),
    "wrong_signature": ("chữ ký không khớp với khóa", "the signature does not fit the key"),
    "untrusted": ("chứng thư không do nơi được tin cậy cấp", "the certificate comes from no trusted authority"),
    "revoked": ("chứng thư đã bị thu hồi khi ký", "the certificate had been revoked"),
    "no_revocation_data": ("không có danh sách thu hồi để kiểm tra", "there is no revocation list to check with"),
    "expired": ("chứng thư hết hạn hoặc chưa có hiệu lực khi ký", "the certificate was not valid when signing"),
    "no_timestamp": ("không có dấu thời gian", "there is no time-stamp"),
    "bad_timestamp": ("dấu thời gian không tin cậy được", "the time-stamp cannot be trusted"),
    "weak": ("thuật toán yếu", "an algorithm is weak"),
}
ROLES = {"leader": ("Lãnh đạo ký", "Leader"), "agency": ("Dấu của cơ quan", "Agency’s seal")}


def standing(name: str) -> str:
    """Whether a result counts, in words."""
    return t(*STANDINGS[name][:2])


def tone(name: str) -> str:
    """How the words are set off."""
    return STANDINGS[name][2]


def verdict(code: str) -> str:
    """What a copy is worth, in a sentence."""
    return t(*VERDICTS[code])


def unreadable(found: CopyVerdict | None) -> str:
    """Why a copy could not be looked into; empty for one that could."""
    return t(*UNREADABLE[found.finding.why]) if found and found.code == "unreadable" else ""


def check(name: str) -> str:
    """What was looked at."""
    return t(*CHECKS[name])


def problems(finding: CopyFinding) -> str:
    """What is wrong with the signatures of a file, each once; empty where nothing is, or it is no file of ours."""
    found = dict.fromkeys(problem for one in finding.signatures for problem in one.problems)
    return "; ".join(t(*PROBLEMS[problem]) for problem in found)


def role(name: str) -> str:
    """As what somebody signed."""
    return t(*ROLES.get(name, (name, name)))
