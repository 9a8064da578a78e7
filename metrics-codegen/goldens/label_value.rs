#[derive(LabelValue)]
#[label(rename_all = "snake_case")]
enum MatchType {
    Solo,
    TeamBattle,
    #[label(rename = "cup")]
    Tournament,
}
