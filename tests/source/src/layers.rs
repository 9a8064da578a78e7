//! The layers of a crate.

use std::{collections::BTreeMap, fmt};

use crate::{arrow::Arrow, circle::circles};

/// Rooms of a crate by layer: an arrow points into its own layer or into an earlier one.
///
/// A room is a folder or a file directly below `src`, named without `.rs`.
#[derive(Clone, Copy, Debug)]
pub struct Layers {
    /// Rooms of layer 1, of layer 2, and so on.
    pub rooms: &'static [&'static [&'static str]],
    /// Rooms that see everything, and that nothing else names.
    pub above_all: &'static [&'static str],
}

/// An arrow that points up, a circle of rooms in one layer, or a room in no layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerViolation {
    /// The arrow's end is in a later layer than its start.
    PointsUp {
        /// The arrow.
        arrow: Arrow,
        /// Layers of its start and of its end. The rooms above all are in the layer after the last.
        layers: (usize, usize),
    },
    /// Rooms of one layer that import each other.
    CircleOfRooms(Vec<Arrow>),
    /// A file that the table does not have.
    NoLayer(String),
}

impl fmt::Display for LayerViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PointsUp { arrow, layers: (from, to) } => {
                write!(f, "arrow from layer {from} up to layer {to}: {arrow}")
            }
            Self::CircleOfRooms(arrows) => {
                let rooms: Vec<_> = arrows.iter().map(|arrow| room(&arrow.from)).collect();
                write!(f, "circle of rooms in one layer: {}", rooms.join(" → "))?;
                arrows.iter().try_for_each(|arrow| write!(f, "\n    {arrow}"))
            }
            Self::NoLayer(file) => write!(f, "{file} is in no layer: give its room one in the table"),
        }
    }
}

impl Layers {
    /// Every violation among the arrows of a crate, in the order of files.
    pub fn violations<'a>(
        &self,
        files: impl IntoIterator<Item = &'a str>,
        arrows: &[Arrow],
    ) -> Vec<LayerViolation> {
        let unknown = files.into_iter().filter(|file| self.layer(file).is_none());
        let mut found: Vec<_> = unknown.map(|file| LayerViolation::NoLayer(file.to_owned())).collect();
        let mut between_rooms: BTreeMap<(&str, &str), &Arrow> = BTreeMap::new();
        for arrow in arrows {
            let (Some(from), Some(to)) = (self.layer(&arrow.from), self.layer(&arrow.to)) else { continue };
            let (here, there) = (room(&arrow.from), room(&arrow.to));
            if to > from {
                found.push(LayerViolation::PointsUp { arrow: arrow.clone(), layers: (from, to) });
            } else if to == from && here != there && from <= self.rooms.len() {
                between_rooms.entry((here, there)).or_insert(arrow);
            }
        }
        found.extend(circles_of_rooms(&between_rooms));
        found
    }

    /// Number of the layer that a file is in, from 1.
    fn layer(&self, file: &str) -> Option<usize> {
        let room = room(file);
        if self.above_all.contains(&room) {
            return Some(self.rooms.len() + 1);
        }
        Some(self.rooms.iter().position(|rooms| rooms.contains(&room))? + 1)
    }
}

/// Folder or file directly below `src`.
fn room(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}

fn circles_of_rooms<'a>(
    between_rooms: &'a BTreeMap<(&str, &str), &Arrow>,
) -> impl Iterator<Item = LayerViolation> + 'a {
    let as_files: Vec<_> = between_rooms
        .iter()
        .map(|((from, to), arrow)| Arrow {
            from: (*from).to_owned(),
            to: (*to).to_owned(),
            ..(*arrow).clone()
        })
        .collect();
    let in_files =
        |arrow: Arrow| between_rooms.get(&(&*arrow.from, &*arrow.to)).copied().cloned().unwrap_or(arrow);
    circles(&as_files)
        .into_iter()
        .map(move |circle| LayerViolation::CircleOfRooms(circle.arrows.into_iter().map(in_files).collect()))
}
