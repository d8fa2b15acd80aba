//! What an asset document is made of, as data: its kind, and the call behind each of its members.

/// One kind of asset document.
pub(super) struct Asset {
    /// The marks by which it is known: paths into the document that all lead somewhere. `a|b` is one of both, `!a` none.
    pub(super) known_by: &'static [&'static str],
    /// Where the asset's id stands: a member (empty: the document itself), and a key inside it; both empty for what every
    /// account has once.
    pub(super) id: (&'static str, &'static str),
    /// The parameter that names the asset in a request.
    pub(super) param: &'static str,
    /// The calls that its members come from.
    pub(super) parts: &'static [Part],
    /// Lists of assets of their own inside it.
    pub(super) inside: &'static [(&'static str, &'static Asset)],
}

/// One member, and the call whose answer it is.
pub(super) struct Part {
    /// The path to it: keys joined by dots, `[]` behind a list whose members are meant one by one; empty for the document.
    pub(super) from: &'static str,
    /// `product:Action`.
    pub(super) call: &'static str,
    /// Where the member stood in the answer: a dotted path; empty for the answer itself.
    pub(super) at: &'static str,
    pub(super) form: Form,
    /// The key by which the member, or each member of it, names the asset that it belongs to.
    pub(super) owner: &'static str,
    /// A further parameter of the request, and its value; a value in `{}` is the path to it.
    pub(super) with: &'static [(&'static str, &'static str)],
    /// Keys that the collector names otherwise than the API does, and the API's name.
    pub(super) renamed: &'static [(&'static str, &'static str)],
}

/// How a member came out of the answer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Form {
    /// As it stands; what stands at several places is as many answers.
    Whole,
    /// One member of the list at the path.
    Member,
    /// All that stands at the places together is the list at the path.
    List,
    /// As it stands, when the member beside it with that name is `true`.
    When(&'static str),
}

impl Asset {
    /// The asset with assets inside it.
    pub(super) const fn with_inside(self, inside: &'static [(&'static str, &'static Asset)]) -> Self {
        Self { inside, ..self }
    }
}

impl Part {
    const fn new(from: &'static str, call: &'static str, at: &'static str, form: Form) -> Self {
        Self { from, call, at, form, owner: "", with: &[], renamed: &[] }
    }

    /// The part with the key by which it names its asset.
    pub(super) const fn of(self, owner: &'static str) -> Self {
        Self { owner, ..self }
    }

    /// The part with further parameters of its request.
    pub(super) const fn with(self, with: &'static [(&'static str, &'static str)]) -> Self {
        Self { with, ..self }
    }

    /// The part with keys that the API names otherwise.
    pub(super) const fn renamed(self, renamed: &'static [(&'static str, &'static str)]) -> Self {
        Self { renamed, ..self }
    }
}

pub(super) const fn asset(
    known_by: &'static [&'static str],
    id: (&'static str, &'static str),
    param: &'static str,
    parts: &'static [Part],
) -> Asset {
    Asset { known_by, id, param, parts, inside: &[] }
}

pub(super) const fn whole(from: &'static str, call: &'static str, at: &'static str) -> Part {
    Part::new(from, call, at, Form::Whole)
}

pub(super) const fn member(from: &'static str, call: &'static str, at: &'static str) -> Part {
    Part::new(from, call, at, Form::Member)
}

pub(super) const fn list(from: &'static str, call: &'static str, at: &'static str) -> Part {
    Part::new(from, call, at, Form::List)
}

pub(super) const fn when(other: &'static str, from: &'static str, call: &'static str, at: &'static str) -> Part {
    Part::new(from, call, at, Form::When(other))
}
