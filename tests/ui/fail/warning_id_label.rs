#![deny(warnings)]

use metrics_core::{Capped, LabelSet};

#[derive(LabelSet)]
struct Labels {
    user_id: Capped<100>,
    path: Capped<100>,
    tenant: Capped<100>,
    #[label(allow(id_label))]
    session: Capped<100>,
}

fn main() {
    let labels = Labels { user_id: "1".into(), path: "/".into(), tenant: "a".into(), session: "b".into() };
    let _ = (labels.user_id, labels.path, labels.tenant, labels.session);
}
