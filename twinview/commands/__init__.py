"""What a user can do, one file per menu; menus, keys, palette, scripts and the README are made from it."""
