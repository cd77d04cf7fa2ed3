"""The coverage list, and its files in the three formats of the specification."""

import csv
import io
import struct

from ..networks import NETWORKS
from .replies import Reply

_TITLES = ("Country", "Network", "Prefix", "MCC", "MNC", "Price")


def file(user: str, form: str) -> Reply | None:
    """Return the file of format 1 (XLS), 2 (PDF) or 3 (CSV), None for any other."""
    rows: list[tuple[str, ...]] = [_TITLES, *NETWORKS]
    match form:
        case "1":
            body, kind, ending = _xls(rows), "application/vnd.ms-excel", "xls"
        case "2":
            body, kind, ending = _pdf(rows), "application/pdf", "pdf"
        case "3":
            body, kind, ending = _csv(rows), "text/csv; charset=utf-8", "csv"
        case _:
            return None
    return Reply(body, kind, f"{user}_coverage.{ending}")


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    """Write comma-separated values."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _xls(rows: list[tuple[str, ...]]) -> bytes:
    """Write a worksheet in Excel's oldest binary form, BIFF2, of labels only."""
    records = [struct.pack("<4H", 0x0009, 4, 0x0002, 0x0010)]
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            label = cell.encode("cp1252")
            head = struct.pack("<2H3xB", row, column, len(label))
            size = len(head) + len(label)
            records.append(struct.pack("<2H", 0x0004, size) + head + label)
    records.append(struct.pack("<2H", 0x000A, 0))
    return b"".join(records)


def _pdf(rows: list[tuple[str, ...]]) -> bytes:
    """Write one page with a line of text for each row."""
    lines = "".join(f"({'   '.join(cells)}) Tj T*\n" for cells in rows)
    content = f"BT /F1 11 Tf 16 TL 50 780 Td\n{lines}ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            " /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    )
    body = "%PDF-1.4\n"
    offsets = []
    for index, each in enumerate(objects, start=1):
        offsets.append(f"{len(body):010} 00000 n \n")
        body += f"{index} 0 obj\n{each}\nendobj\n"
    count = len(objects) + 1
    body += (
        f"xref\n0 {count}\n0000000000 65535 f \n{''.join(offsets)}"
        f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    return body.encode("ascii")
