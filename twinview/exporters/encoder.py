"""Films by ffmpeg: raw pictures go through a pipe, a whole file comes out or none."""

import importlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from twinview.exporters.picture import temporary
from twinview.i18n import _
from twinview.model.problem import CommandError

Put = Callable[[npt.NDArray[np.uint8]], None]

_BT709 = (
    "-vf",
    "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd,format=yuv420p,"
    "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv",
)
"""Colours of high-definition television, and told so: players that have to guess get them wrong."""
_PALETTE = (
    "-vf",
    "split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=sierra2_4a",
    "-loop", "0",
)  # fmt: skip
KINDS: Mapping[str, tuple[str, ...]] = {
    ".mp4": (
        *_BT709, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "18",
        "-movflags", "+faststart", "-f", "mp4",
    ),
    ".webm": (
        *_BT709, "-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-row-mt", "1",
        "-deadline", "realtime", "-cpu-used", "6", "-f", "webm",
    ),
    ".gif": (*_PALETTE, "-f", "gif"),
    ".webp": ("-c:v", "libwebp_anim", "-quality", "85", "-loop", "0", "-f", "webp"),
    ".apng": ("-c:v", "apng", "-pix_fmt", "rgb24", "-plays", "0", "-f", "apng"),
}  # fmt: skip
"""How ffmpeg writes films, by the ending of the file."""
_EVEN = frozenset({".mp4", ".webm"})
"""Kinds whose colours are stored for two by two pixels."""


def program(suffix: str) -> str:
    """Return the ffmpeg program: the one on the path, else that of the extra ``video``.

    Raises
    ------
    CommandError
        When there is none.
    """
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise CommandError(
            _(
                "A film as {suffix} needs ffmpeg: install it, or the extra 'video' of twinview; "
                "numbered pictures need nothing: name a folder.",
                suffix=suffix,
            )
        ) from error


def check_kind(suffix: str, size: tuple[int, int]) -> None:
    """Refuse endings that are no films, and sizes that a kind cannot have."""
    if suffix not in KINDS:
        known = ", ".join(KINDS)
        raise CommandError(
            _("A film is written as {known}, or into a folder, not as '{suffix}'.",
              known=known, suffix=suffix)
        )  # fmt: skip
    if suffix in _EVEN and (size[0] % 2 or size[1] % 2):
        raise CommandError(
            _("A film as {suffix} has an even width and height, not {wide} x {high}.",
              suffix=suffix, wide=size[0], high=size[1])
        )  # fmt: skip


@contextmanager
def encoder(path: Path, size: tuple[int, int], fps: int, title: str, comment: str) -> Iterator[Put]:
    """Give a function that takes pictures one by one; after the last one the file is in its place.

    Parameters
    ----------
    path
        The file; its ending says which kind of film it is.
    size
        Width and height of the pictures.
    fps
        Pictures a second.
    title, comment
        What the file says of itself.

    Raises
    ------
    CommandError
        When ffmpeg is missing or fails, or the place cannot be written.
    """
    suffix = path.suffix.lower()
    check_kind(suffix, size)
    with temporary(path) as made, tempfile.TemporaryFile() as complaints:
        command = [
            program(suffix), "-hide_banner", "-loglevel", "error", "-y",
            "-f", "rawvideo", "-pix_fmt", "bgr0", "-s", f"{size[0]}x{size[1]}",
            "-framerate", str(fps), "-i", "pipe:0",
            *KINDS[suffix], "-metadata", f"title={title}", "-metadata", f"comment={comment}",
            str(made),
        ]  # fmt: skip
        running = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            # Ctrl+C is for us: ffmpeg would close half a film as if it were whole.
            process_group=0,
        )
        assert running.stdin is not None
        try:
            yield _putter(running.stdin, complaints)
            running.stdin.close()
            if running.wait():
                raise _failure(complaints)
        finally:
            _end(running)
        _put_in_place(made, path)


def _putter(pipe: IO[bytes], complaints: IO[bytes]) -> Put:
    def put(picture: npt.NDArray[np.uint8]) -> None:
        try:
            pipe.write(picture.data)
        except BrokenPipeError as error:
            raise _failure(complaints) from error

    return put


def _failure(complaints: IO[bytes]) -> CommandError:
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").strip().splitlines() or [_("no reason")]
    return CommandError(_("The film could not be made; ffmpeg says: {why}", why=lines[-1][:300]))


def _end(running: subprocess.Popen[bytes]) -> None:
    """End ffmpeg, whatever it does."""
    if running.poll() is None:
        running.kill()
        running.wait()
    assert running.stdin is not None
    with suppress(BrokenPipeError):  # what it had not read yet is not wanted any more
        running.stdin.close()


def _put_in_place(made: Path, path: Path) -> None:
    try:
        with made.open("rb+") as file:
            os.fsync(file.fileno())
        made.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandError(_("{path} could not be written: {why}.", path=path, why=why)) from error
