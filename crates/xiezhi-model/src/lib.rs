//! The inventory: typed resources of facts, listings, regions, links.
