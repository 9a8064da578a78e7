#[derive(LabelSet)]
struct Labels<R: LabelValue> {
    region: R,
    r#type: MatchType,
    #[label(rename = "owner")]
    tenant: Capped<100>,
}
