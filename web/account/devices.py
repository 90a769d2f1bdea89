"""What browsers call themselves, in words that their owners know them by."""

from __future__ import annotations

BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("zalo", "Zalo"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("chrome", "Chrome"),
    ("crios", "Chrome"),
    ("safari", "Safari"),
)
SYSTEMS = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac os", "Mac"),
    ("linux", "Linux"),
)


def device(agent: str) -> tuple[str, str]:
    """(Vietnamese, English) words for a user agent: "Chrome trên Android"."""
    told = agent.casefold()
    browser = next((name for sign, name in BROWSERS if sign in told), "")
    system = next((name for sign, name in SYSTEMS if sign in told), "")
    if browser and system:
        return f"{browser} trên {system}", f"{browser} on {system}"
    known = browser or system
    return known or "Thiết bị không rõ", known or "Unknown device"
