use metrics_core::LabelSet;

#[derive(LabelSet)]
struct Labels(bool);

#[derive(LabelSet)]
struct Unit;

#[derive(LabelSet)]
enum Kind {
    Plain,
}

fn main() {}
