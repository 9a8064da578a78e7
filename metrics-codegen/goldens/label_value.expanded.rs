#[automatically_derived]
impl ::metrics_core::__private::LabelName for MatchType {
    const NAME: &'static ::core::primitive::str = "match_type";
}
#[automatically_derived]
impl ::metrics_core::__private::LabelValue for MatchType {
    const COUNT: ::core::primitive::usize = 3;
    #[inline]
    fn index(&self) -> ::core::primitive::usize {
        match *self {
            Self::Solo { .. } => 0,
            Self::TeamBattle { .. } => 1,
            Self::Tournament { .. } => 2,
        }
    }
    fn name_at(index: ::core::primitive::usize) -> &'static ::core::primitive::str {
        match index {
            0 => "solo",
            1 => "team_battle",
            2 => "cup",
            _ => "",
        }
    }
    fn from_label(text: &::core::primitive::str) -> ::core::option::Option<Self> {
        match text {
            "solo" => ::core::option::Option::Some(Self::Solo),
            "team_battle" => ::core::option::Option::Some(Self::TeamBattle),
            "cup" => ::core::option::Option::Some(Self::Tournament),
            _ => ::core::option::Option::None,
        }
    }
}
