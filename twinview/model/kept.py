"""What a project file holds is frozen, and keys that this version does not know are kept."""

from pydantic import BaseModel, ConfigDict


class Kept(BaseModel):
    """Frozen; keys that this version does not know are kept and written back."""

    model_config = ConfigDict(frozen=True, extra="allow")
