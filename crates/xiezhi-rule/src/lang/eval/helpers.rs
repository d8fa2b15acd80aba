//! Calls of the helper functions: what they say when an argument is absent, unknown or a list that may have more.

use std::borrow::Cow;

use xiezhi_model::Reason;

use super::ops::{int_or, not_understood, unclear};
use super::tally::Tally;
use super::{Eval, Frame};
use crate::lang::func::{self, Func};
use crate::lang::mode::Mode;
use crate::lang::node::Node;
use crate::lang::value::{Members, Out, Val};

impl<'a, M: Mode> Eval<'a, M> {
    pub(super) fn call(&self, func: Func, arguments: &'a [Node], frame: &Frame<'_, 'a, M>, what: &str) -> Out<'a, M> {
        let mut outs = arguments.iter().map(|node| self.eval(node, frame));
        let (Some(first), second) = (outs.next(), outs.next()) else {
            return not_understood(what, "an argument is missing");
        };
        match (func, first.value, second.map(|out| (out.value, out.rests))) {
            (_, Val::Unknown, _) => Out::unknown(first.rests),
            (Func::AgeDays | Func::MinTls, Val::Absent, _) => Out::new(Val::Absent, first.rests),
            (Func::IsPublicRange | Func::CidrContainsAny | Func::CoversInternet, Val::Absent, _) => {
                Out::bool(false, first.rests)
            }
            (Func::PortIn | Func::PortsOverlap, Val::Absent, _) => unclear(first.rests, what, "there is no port range"),
            (_, _, Some((Val::Unknown, rests))) => Out::unknown(rests),
            (Func::AgeDays, Val::Text(time), None) => match self.context.as_of {
                None => unclear(first.rests, what, "the time of evaluation is not given"),
                Some(as_of) => int_or(func::age_days(&time, as_of), first.rests, what, "this is no time in RFC 3339"),
            },
            (Func::MinTls, Val::Text(text), None) => {
                int_or(func::min_tls(&text), first.rests, what, "this names no TLS version")
            }
            (Func::IsPublicRange, Val::Text(range), None) => match func::is_public_range(&range) {
                Some(answer) => Out::bool(answer, first.rests),
                None => unclear(first.rests, what, "this is no address range"),
            },
            (Func::CoversInternet, Val::List(members), None) => covers_internet(&members, first.rests, what),
            (Func::PortIn, Val::Text(range), Some((Val::Int(port), rests))) => match func::port_range(&range) {
                Some((from, to)) => Out::bool((from..=to).contains(&port), first.rests.and(&rests)),
                None => unclear(first.rests, what, "this is no port range"),
            },
            (Func::PortIn, _, Some((Val::Absent, rests))) => Out::bool(false, rests),
            (Func::PortsOverlap, Val::Text(range), Some((list, rests))) => match func::port_range(&range) {
                Some((from, to)) => any_member(&list, first.rests, &rests, what, "this is no port", |value| {
                    if let Val::Int(port) = value { Some((from..=to).contains(port)) } else { None }
                }),
                None => unclear(first.rests, what, "this is no port range"),
            },
            (Func::CidrContainsAny, Val::Text(range), Some((list, rests))) => {
                any_member(&list, first.rests, &rests, what, "this is no address range", |value| {
                    if let Val::Text(text) = value { func::range_contains(&range, text) } else { None }
                })
            }
            _ => not_understood(what, "an argument has another type"),
        }
    }
}

fn covers_internet<'a, M: Mode>(members: &Members<'a, M>, rests: M, what: &str) -> Out<'a, M> {
    let mut texts: Vec<Cow<'a, str>> = Vec::new();
    let (mut known, mut unknown) = (rests, members.more.clone());
    for member in (0..members.count()).map_while(|index| members.member(index)) {
        match member.value {
            Val::Text(text) if matches!(text.as_ref(), "0.0.0.0/0" | "::/0") => {
                return Out::bool(true, known.and(&member.rests));
            }
            Val::Text(text) => {
                known.add(&member.rests);
                texts.push(text);
            }
            Val::Absent => known.add(&member.rests),
            _ => unknown = Some(unknown.map_or(member.rests.clone(), |unknown| unknown.and(&member.rests))),
        }
    }
    match (func::covers_internet(texts.iter().map(AsRef::as_ref)), unknown) {
        (Some(true), _) => Out::bool(true, known),
        (_, Some(unknown)) => Out::unknown(unknown),
        (Some(false), None) => Out::bool(false, known.and(&members.closed)),
        (None, None) => unclear(known, what, "a member is no address range"),
    }
}

/// Whether a test holds for a member of a list.
fn any_member<'a, M: Mode>(
    list: &Val<'a, M>,
    rests: M,
    list_rests: &M,
    what: &str,
    why: &str,
    test: impl Fn(&Val<'a, M>) -> Option<bool>,
) -> Out<'a, M> {
    let members = match list {
        Val::List(members) => members,
        Val::Absent => return Out::bool(false, list_rests.clone()),
        _ => return Out::unknown(list_rests.clone()),
    };
    let mut tally = Tally::new(true);
    for member in (0..members.count()).map_while(|index| members.member(index)) {
        match (&member.value, test(&member.value)) {
            (Val::Absent, _) => tally.take(Some(false), member.rests),
            (Val::Unknown, _) => tally.take(None, member.rests),
            (_, Some(answer)) => tally.take(Some(answer), member.rests),
            (_, None) => {
                let reason = M::reason(|| what.to_owned(), || Reason::not_understood(format!("`{what}`: {why}")));
                tally.take(None, rests.clone().and(&reason));
            }
        }
    }
    if let Some(more) = &members.more {
        tally.take(None, more.clone());
    }
    let undecided = tally.decided.is_none();
    let mut out = tally.answer();
    if !out.is_unknown() {
        out.rests.add(&rests);
        out.rests.add(list_rests);
        if undecided {
            out.rests.add(&members.closed);
        }
    }
    out
}
