//! Equality of values, lists and resources.

use xiezhi_model::{Reason, Record};

use super::Eval;
use crate::lang::mode::Mode;
use crate::lang::value::{Members, Out, Val};
use crate::world::same_account;

impl<'a, M: Mode> Eval<'a, M> {
    /// Whether two values are equal. An absent value equals nothing, not even another.
    pub(super) fn equal(&self, a: &Out<'a, M>, b: &Out<'a, M>) -> Out<'a, M> {
        let both = || a.rests.clone().and(&b.rests);
        match (&a.value, &b.value) {
            (Val::Absent, Val::Absent) => {
                Out::bool(false, if b.rests.label() < a.rests.label() { b.rests.clone() } else { a.rests.clone() })
            }
            (Val::Absent, _) => Out::bool(false, a.rests.clone()),
            (_, Val::Absent) => Out::bool(false, b.rests.clone()),
            (Val::Unknown, Val::Unknown) => Out::unknown(both()),
            (Val::Unknown, _) => Out::unknown(a.rests.clone()),
            (_, Val::Unknown) => Out::unknown(b.rests.clone()),
            (Val::Bool(x), Val::Bool(y)) => Out::bool(x == y, both()),
            (Val::Int(x), Val::Int(y)) => Out::bool(x == y, both()),
            (Val::Text(x), Val::Text(y)) => Out::bool(x == y, both()),
            (Val::List(x), Val::List(y)) => self.same_members(x, y, both()),
            (x, y) => match self.identical(x, y) {
                Some(same) => Out::bool(same, both()),
                None => Out::unknown(both().and(&M::reason(
                    || "the link".to_owned(),
                    || Reason::not_understood("whether two links lead to one resource"),
                ))),
            },
        }
    }

    /// Whether two lists have the same members, in whatever order: sources list one thing in different orders.
    fn same_members(&self, a: &Members<'a, M>, b: &Members<'a, M>, mut rests: M) -> Out<'a, M> {
        let split = |members: &Members<'a, M>| {
            let (mut known, mut unknown) = (Vec::new(), Vec::new());
            for member in (0..members.count()).map_while(|index| members.member(index)) {
                if member.is_unknown() { unknown.push(member) } else { known.push(member) }
            }
            (known, unknown)
        };
        let ((known_a, unknown_a), (mut known_b, unknown_b)) = (split(a), split(b));
        let mut why = M::nothing();
        unknown_a.iter().chain(&unknown_b).for_each(|out| why.add(&out.rests));
        a.more.iter().chain(&b.more).for_each(|more| why.add(more));
        known_a.iter().chain(&known_b).for_each(|out| rests.add(&out.rests));
        rests.add(&a.closed);
        rests.add(&b.closed);
        let mut alone_a = 0_usize;
        for member in &known_a {
            match known_b.iter().position(|other| self.equal(member, other).truth() == Some(true)) {
                Some(at) => drop(known_b.swap_remove(at)),
                None => alone_a = alone_a.saturating_add(1),
            }
        }
        let alone_b = known_b.len();
        let differ = (b.more.is_none() && (alone_a > unknown_b.len() || a.count() > b.count()))
            || (a.more.is_none() && (alone_b > unknown_a.len() || b.count() > a.count()));
        let settled = unknown_a.is_empty() && unknown_b.is_empty() && a.more.is_none() && b.more.is_none();
        if differ {
            Out::bool(false, rests)
        } else if settled {
            Out::bool(true, rests)
        } else {
            Out::unknown(why)
        }
    }

    /// Whether two records or links are the same resource; `None` when the evidence cannot tell.
    fn identical(&self, a: &Val<'a, M>, b: &Val<'a, M>) -> Option<bool> {
        let target = |value: &Val<'a, M>| match value {
            Val::Record(record, owner, _) => Some((Some(*record), None, *owner)),
            Val::Link(schema, target, owner, _) => {
                Some((self.context.follow(*owner, schema, target), Some(*target), *owner))
            }
            _ => None,
        };
        let ((record_a, name_a, owner_a), (record_b, name_b, owner_b)) = (target(a)?, target(b)?);
        if let (Some(a), Some(b)) = (record_a, record_b) {
            return Some(std::ptr::addr_eq(a, b));
        }
        let id = |record: Option<&'a dyn Record>, name: Option<&'a xiezhi_model::Text>| match record {
            Some(record) => record.resource_head().and_then(|head| head.id.value()),
            None => name.filter(|name| !name.contains('#')),
        };
        let (id_a, id_b) = (id(record_a, name_a)?, id(record_b, name_b)?);
        if id_a != id_b { Some(false) } else { same_account(owner_a, owner_b) }
    }
}
