use metrics_core::{Bounded, counted, timed};

/// Orders.
#[counted(name = "orders_total", labels(customer = capped(customer, 5000), device = capped(device, 1000)))]
fn order(customer: &str, device: &str) {}

/// Parcels.
#[counted(name = "parcels_total", labels(result, row = *row, column = *column))]
fn parcel(row: &Bounded<1, 100>, column: &Bounded<1, 100>) -> Result<(), ()> {
    Ok(())
}

/// Cells.
#[timed(name = "cells_seconds", labels(row = *row, column = *column), allow = label_product)]
fn cell(row: &Bounded<1, 100>, column: &Bounded<1, 100>) {}

/// Drawers.
#[counted(name = "drawers_total", labels(row = *row, column = *column))]
fn drawer(row: &Bounded<1, 20>, column: &Bounded<1, 20>) {}

/// Boxes.
#[counted(name = "boxes_total", labels(row = *row, column = *column), allow(many_series))]
fn container(row: &Bounded<1, 20>, column: &Bounded<1, 20>) {}

fn main() {}
