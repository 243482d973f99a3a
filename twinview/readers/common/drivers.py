"""Which of GDAL's drivers a reader process may use.

A file's name means nothing to GDAL: it tries all its drivers, and some of them (VRT, GDALG, WFS)
fetch other files, servers or programs. So all but a few are switched off, in the child's
environment, because GDAL reads the list once, when it is loaded.
"""

ALLOWED = frozenset({"ESRI Shapefile", "GPKG", "FlatGeobuf"})

# What GDAL 3.12 offers beside them. A driver that is missing here is found by the child, which then
# asks to be started anew (see `gdal.library`).
KNOWN = [
    "ADBC",
    "AIVector",
    "AVCBin",
    "AVCE00",
    "AmigoCloud",
    "CSV",
    "CSW",
    "Carto",
    "DGN",
    "DXF",
    "EDIGEO",
    "EEDA",
    "ESRIJSON",
    "Elasticsearch",
    "GDALG",
    "GML",
    "GPSBabel",
    "GPX",
    "GTFS",
    "GeoJSON",
    "GeoJSONSeq",
    "GeoRSS",
    "HTTP",
    "Idrisi",
    "JML",
    "JSONFG",
    "KML",
    "LIBKML",
    "LVBAG",
    "MBTiles",
    "MEM",
    "MVT",
    "MapInfo File",
    "MapML",
    "MiraMonVector",
    "NGW",
    "OAPIF",
    "ODS",
    "OGCAPI",
    "OGR_GMT",
    "OGR_PDS",
    "OGR_VRT",
    "OSM",
    "OpenFileGDB",
    "PCIDSK",
    "PDF",
    "PDS4",
    "PGDUMP",
    "PLSCENES",
    "PMTiles",
    "S57",
    "SQLite",
    "SXF",
    "Selafin",
    "TopoJSON",
    "VDV",
    "VFK",
    "VICAR",
    "WAsP",
    "WFS",
    "XLSX",
]


class MoreDrivers(Exception):
    """GDAL offers drivers that are not switched off yet."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names = sorted(names)
