//! Operations on plain values.

use xiezhi_model::{FactView, Head, Reason, State};

use crate::lang::mode::Mode;
use crate::lang::node::{Arithmetic, Order, SizeOrder, TextTest};
use crate::lang::value::{Members, Out, Val};

pub(super) fn fact_out<'a, M: Mode>(
    fact: FactView<'a>,
    owner: Option<&'a Head>,
    path: M::Path,
    rests: M,
) -> Out<'a, M> {
    let rests = rests.and(&M::fact(&path, &fact));
    let value = match fact.state {
        State::Known(value) => Val::of(value, owner, path),
        State::Absent => Val::Absent,
        State::Unknown(_) => Val::Unknown,
    };
    Out::new(value, rests)
}

pub(super) fn not_understood<'a, M: Mode>(what: &str, why: &str) -> Out<'a, M> {
    unclear(M::nothing(), what, why)
}

/// Unknown, because of what the value is and not of what is missing.
pub(super) fn unclear<'a, M: Mode>(rests: M, what: &str, why: &str) -> Out<'a, M> {
    Out::unknown(rests.and(&M::reason(|| what.to_owned(), || Reason::not_understood(format!("`{what}`: {why}")))))
}

pub(super) fn negated<M: Mode>(out: Out<'_, M>) -> Out<'_, M> {
    match out.truth() {
        Some(truth) => Out::bool(!truth, out.rests),
        None => Out::unknown(out.rests),
    }
}

pub(super) fn int_or<'a, M: Mode>(value: Option<i64>, rests: M, what: &str, why: &str) -> Out<'a, M> {
    match value {
        Some(value) => Out::new(Val::Int(value), rests),
        None => unclear(rests, what, why),
    }
}

/// What makes an operation on two numbers unknown; an absent one only when nothing is unknown.
fn missing_operand<'a, M: Mode>(a: &Out<'a, M>, b: &Out<'a, M>) -> Option<Out<'a, M>> {
    match (a.is_unknown(), b.is_unknown()) {
        (true, true) => Some(Out::unknown(a.rests.clone().and(&b.rests))),
        (true, false) => Some(Out::unknown(a.rests.clone())),
        (false, true) => Some(Out::unknown(b.rests.clone())),
        (false, false) => None,
    }
}

pub(super) fn ordered<'a, M: Mode>(order: Order, a: Out<'a, M>, b: Out<'a, M>, what: &str) -> Out<'a, M> {
    if let Some(out) = missing_operand(&a, &b) {
        return out;
    }
    let rests = a.rests.and(&b.rests);
    match (a.value, b.value) {
        (Val::Int(x), Val::Int(y)) => Out::bool(order.holds(x, y), rests),
        _ => unclear(rests, what, "there is no number to compare"),
    }
}

pub(super) fn arithmetic<'a, M: Mode>(operator: Arithmetic, a: Out<'a, M>, b: Out<'a, M>, what: &str) -> Out<'a, M> {
    if let Some(out) = missing_operand(&a, &b) {
        return out;
    }
    let rests = a.rests.and(&b.rests);
    match (a.value, b.value) {
        (Val::Int(x), Val::Int(y)) => {
            let result = match operator {
                Arithmetic::Add => x.checked_add(y),
                Arithmetic::Subtract => x.checked_sub(y),
                Arithmetic::Multiply => x.checked_mul(y),
                Arithmetic::Divide => x.checked_div(y),
                Arithmetic::Remainder => x.checked_rem(y),
            };
            int_or(result, rests, what, "the result is no 64-bit number")
        }
        _ => Out::new(Val::Absent, rests),
    }
}

pub(super) fn text_test<'a, M: Mode>(test: TextTest, text: Out<'a, M>, part: Out<'a, M>) -> Out<'a, M> {
    match (&text.value, &part.value) {
        (Val::Absent, _) => Out::bool(false, text.rests),
        (_, Val::Absent) => Out::bool(false, part.rests),
        (Val::Text(a), Val::Text(b)) => {
            let answer = match test {
                TextTest::StartsWith => a.starts_with(b.as_ref()),
                TextTest::EndsWith => a.ends_with(b.as_ref()),
                TextTest::Contains => a.contains(b.as_ref()),
            };
            Out::bool(answer, text.rests.and(&part.rests))
        }
        _ => missing_operand(&text, &part).unwrap_or_else(|| Out::unknown(text.rests.and(&part.rests))),
    }
}

pub(super) fn size<'a, M: Mode>(list: Out<'a, M>, what: &str) -> Out<'a, M> {
    match list.value {
        Val::Absent => Out::new(Val::Int(0), list.rests),
        Val::List(Members { more: Some(more), .. }) => Out::unknown(more),
        Val::List(members) => int_or(
            i64::try_from(members.count()).ok(),
            list.rests.and(&members.closed),
            what,
            "the list is too long to count",
        ),
        _ => Out::unknown(list.rests),
    }
}

/// `size(list)` against a number. An open list has at least the members that were seen, which may be enough.
pub(super) fn size_ordered<'a, M: Mode>(
    order: SizeOrder,
    list: Out<'a, M>,
    number: Out<'a, M>,
    what: &str,
) -> Out<'a, M> {
    if let (Val::List(Members { more: Some(more), .. }), Val::Int(limit)) = (&list.value, &number.value) {
        let Val::List(members) = &list.value else { return Out::unknown(list.rests) };
        let seen = i64::try_from(members.count()).unwrap_or(i64::MAX);
        let answer = match order {
            SizeOrder::Order(Order::More) if seen > *limit => Some(true),
            SizeOrder::Order(Order::MoreOrEqual) if seen >= *limit => Some(true),
            SizeOrder::Order(Order::Less) if seen >= *limit => Some(false),
            SizeOrder::Order(Order::LessOrEqual) if seen > *limit => Some(false),
            SizeOrder::Equal if seen > *limit => Some(false),
            SizeOrder::NotEqual if seen > *limit => Some(true),
            _ => None,
        };
        return match answer {
            Some(answer) => Out::bool(answer, list.rests.and(&number.rests)),
            None => Out::unknown(more.clone()),
        };
    }
    let counted = size(list, what);
    if let SizeOrder::Order(order) = order {
        return ordered(order, counted, number, what);
    }
    if let Some(out) = missing_operand(&counted, &number) {
        return out;
    }
    let equal = match (&counted.value, &number.value) {
        (Val::Int(a), Val::Int(b)) => a == b,
        _ => false,
    };
    Out::bool(equal == (order == SizeOrder::Equal), counted.rests.and(&number.rests))
}
