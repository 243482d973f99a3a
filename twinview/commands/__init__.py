"""What a user can do, one file per menu; menus, keys, scripts and the README are made from it."""
