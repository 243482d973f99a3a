"""Small networks of pipes as pandapipes and the stored form write them."""

import json


def gas_net() -> dict:
    """Return a main with two consumers, of which one is off."""
    return {
        "junction": {
            "columns": ["name", "in_service"], "index": [0, 1, 2],
            "data": [["border", True], ["a", True], ["b", True]],
        },
        "junction_geodata": {
            "columns": ["x", "y"], "index": [0, 1, 2],
            "data": [[3417000.0, 5370000.0], [3417100.0, 5370000.0], [3417200.0, 5370000.0]],
        },
        "pipe": {
            "columns": ["name", "from_junction", "to_junction", "length_km", "diameter_m",
                        "alpha_w_per_m2k", "in_service"],
            "index": [0, 1],
            "data": [["main", 0, 1, 0.1, 0.1, 0.0, True], ["main", 1, 2, 0.1, 0.1, 0.0, True]],
        },
        "pipe_geodata": {"columns": ["coords"], "index": [], "data": []},
        "ext_grid": {"columns": ["name", "junction"], "index": [0], "data": [[None, 0]]},
        "sink": {
            "columns": ["name", "junction", "mdot_kg_per_s", "scaling", "in_service",
                        "demand_m3_per_a"],
            "index": [0, 1],
            "data": [["s", 1, 0.001, 0.5, True, 2000.0], ["s", 2, 0.001, 1.0, False, None]],
        },
    }  # fmt: skip


def heat_net() -> dict:
    """Return a circuit of four junctions: pump, supply pipe, consumers, return pipe."""
    place = {"type": "Point", "coordinates": [48.46, 7.87]}
    return {
        "junction": {
            "columns": ["name", "in_service", "geo"], "index": [0, 1, 2, 3],
            "data": [["flow", True, place], ["house", True, place], ["house back", True, None],
                     ["pump back", True, None]],
        },
        "junction_geodata": {
            "columns": ["x", "y"], "index": [0, 1],
            "data": [[3417000.0, 5370000.0], [3417100.0, 5370000.0]],
        },
        "pipe": {
            "columns": ["name", "from_junction", "to_junction", "length_km", "diameter_m",
                        "alpha_w_per_m2k", "text_k", "in_service"],
            "index": [0, 1],
            "data": [["there", 0, 1, 0.1, 0.2, 10.0, 293.0, True],
                     ["back", 2, 3, 0.1, 0.2, 10.0, 293.0, True]],
        },
        "pipe_geodata": {
            "columns": ["coords"], "index": [0],
            "data": [[[[3417000.0, 5370000.0], [3417050.0, 5370010.0], [3417100.0, 5370000.0]]]],
        },
        "valve": {
            "columns": ["name", "from_junction", "to_junction", "opened"], "index": [0],
            "data": [["v", 0, 1, False]],
        },
        "circ_pump_pressure": {
            "columns": ["name", "return_junction", "flow_junction", "t_flow_k"], "index": [0],
            "data": [["pump", 3, 0, 343.15]],
        },
        "heat_consumer": {
            "columns": ["name", "from_junction", "to_junction", "qext_w",
                        "controlled_mdot_kg_per_s", "deltat_k", "treturn_k"],
            "index": [0, 1, 2, 3],
            "data": [["by heat and flow", 1, 2, 8380.0, 0.1, None, None],
                     ["by flow and return", 1, 2, None, 0.1, None, 323.15],
                     ["by cooling and heat", 2, 1, 5000.0, None, 30.0, None],
                     ["nothing", 1, 2, None, None, None, None]],
        },
    }  # fmt: skip


def pipe_file(tables: dict, fluid: str) -> dict:
    """Return a network as pandapipes writes it."""
    frames = {
        name: {"_module": "pandas.core.frame", "_class": "DataFrame", "orient": "split",
               "_object": json.dumps(table)}
        for name, table in tables.items()
    }  # fmt: skip
    about = {"name": fluid, "is_gas": fluid != "water"}
    frames["fluid"] = {
        "_module": "pandapipes.properties.fluids", "_class": "Fluid", "_object": json.dumps(about),
    }  # fmt: skip
    return {"_module": "pandapipes.pandapipes_net", "_class": "pandapipesNet",
            "_object": {**frames, "name": "net"}}  # fmt: skip


def stored_file() -> dict:
    """Return a grid of one node with a heat network, a gas network, and a pump between them."""
    low = {
        "id": "low", "carrier": "heat", "title": "Quarter",
        "node": [{"id": 1, "name": "a", "x": 500.0, "y": 0.0}, {"id": 2, "x": 600.0, "y": 0.0}],
        "pipe": [{"id": 3, "from_node": 1, "to_node": 2, "length_m": 100.0,
                  "route": [[500.0, 0.0], [550.0, 5.0], [600.0, 0.0]]}],
        "load": [{"id": 4, "node": 2, "p_specified": 1000.0}],
    }  # fmt: skip
    gas = {"carrier": "gas", "node": [{"id": 1, "x": 500.0, "y": 10.0}]}
    pump = {"id": 1, "name": "pump", "kind": "heat_pump", "from_node": "street", "to_node": "a"}
    return {
        "version": "1.0", "type": "input", "is_batch": False, "attributes": {},
        "data": {"node": [{"id": 0, "u_rated": 400.0, "name": "street", "x": 500.0, "y": 20.0}]},
        "twinview": {
            "crs": "EPSG:25832",
            "networks": [low, gas, {"id": "steam", "carrier": "steam"}],
            "converter": [pump, {"id": 2, "kind": "perpetuum"}],
        },
    }  # fmt: skip
