//! Functions over numbers and address ranges. Source: Terraform language, "Numeric Functions" and "IP Network Functions".

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::func::{Args, list_of};
use super::value::{Stop, float, int, text, to_float, to_int};
use crate::tree::Tree;

type Made = Result<Tree<'static>, Stop>;

/// Calls a function over numbers.
pub(super) fn call(mut args: Args<'_>) -> Made {
    let made = match args.name {
        "tonumber" => match args.get(0)? {
            Tree::Null => return Ok(Tree::Null),
            value => match to_int(value) {
                Ok(whole) => return Ok(int(whole)),
                Err(_) => to_float(value)?,
            },
        },
        "parseint" => {
            let base = u32::try_from(to_int(args.get(1)?)?).ok().filter(|base| (2..=36).contains(base));
            let base = base.ok_or_else(|| args.error())?;
            let digits = args.text(0)?;
            return i128::from_str_radix(&digits, base).map(int).map_err(|_| args.error());
        }
        "max" | "min" | "sum" => {
            let is_sum = args.name == "sum";
            let items = if is_sum { args.whole_items(0)? } else { std::mem::take(&mut args.list) };
            let numbers: Vec<f64> = items.iter().map(|item| to_float(&item.value)).collect::<Result<_, _>>()?;
            let fold: fn(f64, f64) -> f64 = match args.name {
                "max" => f64::max,
                "min" => f64::min,
                _ => |a, b| a + b,
            };
            numbers.into_iter().reduce(fold).ok_or_else(|| args.error())?
        }
        "pow" => to_float(args.get(0)?)?.powf(to_float(args.get(1)?)?),
        name => {
            let number = to_float(args.get(0)?)?;
            match name {
                "abs" => number.abs(),
                "ceil" => number.ceil(),
                "floor" => number.floor(),
                _ => number.signum() * f64::from(u8::from(number != 0.0)),
            }
        }
    };
    float(made).ok_or_else(|| args.error())
}

/// Calls a function over address ranges, of either family.
pub(super) fn network(args: Args<'_>) -> Made {
    let range = Range::read(&args.text(0)?).ok_or_else(|| args.unresolved())?;
    let number = |index| -> Result<i128, Stop> { to_int(args.get(index)?) };
    let bits = |index| -> Result<u32, Stop> { u32::try_from(number(index)?).map_err(|_| args.error()) };
    let made = match args.name {
        "cidrhost" => range.host(number(1)?).map(|address| text(range.address(address))),
        "cidrnetmask" => (range.width == 32).then(|| text(range.address(range.mask()))),
        "cidrsubnet" => {
            let (bits, number) = (bits(1)?, u128::try_from(number(2)?).map_err(|_| args.error())?);
            range.subnet(bits, number).map(|subnet| text(subnet.text()))
        }
        _ => {
            let mut next = range.base;
            let mut subnets = Vec::new();
            for at in 1..args.list.len() {
                // Each begins behind the one before, where its own size lets it begin.
                let Some(subnet) = range.subnet_from(bits(at)?, next) else { return Err(args.error()) };
                next = subnet.last().saturating_add(1);
                subnets.push(subnet.text());
            }
            Some(list_of(subnets))
        }
    };
    made.ok_or_else(|| args.error())
}

/// An address range.
#[derive(Clone, Copy)]
struct Range {
    /// First address.
    base: u128,
    /// Bits of the network.
    length: u32,
    /// Bits of an address.
    width: u32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let (number, width) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        let length = length.parse().ok().filter(|length| *length <= width)?;
        let range = Range { base: number, length, width };
        Some(Range { base: number & range.mask(), ..range })
    }

    /// How far the numbers of hosts go: as a mask of ones.
    fn hosts(self) -> u128 {
        match self.width.saturating_sub(self.length) {
            128 => u128::MAX,
            bits => (1_u128 << bits).wrapping_sub(1),
        }
    }

    fn mask(self) -> u128 {
        let all = if self.width == 128 { u128::MAX } else { u128::from(u32::MAX) };
        all & !self.hosts()
    }

    fn last(self) -> u128 {
        self.base | self.hosts()
    }

    /// The address of a host; negative numbers count from the end.
    fn host(self, number: i128) -> Option<u128> {
        let size = self.hosts();
        let at = match u128::try_from(number) {
            Ok(number) => number,
            Err(_) => size.checked_sub(number.unsigned_abs().checked_sub(1)?)?,
        };
        (at <= size).then_some(self.base | at)
    }

    fn subnet(self, bits: u32, number: u128) -> Option<Range> {
        let length = self.length.checked_add(bits).filter(|length| *length <= self.width)?;
        let subnet = Range { length, ..self };
        let fits = bits >= 128 || number.checked_shr(bits).unwrap_or(0) == 0;
        let part = number.checked_shl(self.width.saturating_sub(length)).unwrap_or(0);
        fits.then_some(Range { base: self.base | part, ..subnet })
    }

    /// The first subnet of so many more bits that does not begin before an address.
    fn subnet_from(self, bits: u32, from: u128) -> Option<Range> {
        let first = self.subnet(bits, 0)?;
        let base = from.checked_add(first.hosts())? & !first.hosts();
        (base >= self.base && base | first.hosts() <= self.last()).then_some(Range { base, ..first })
    }

    fn address(self, number: u128) -> String {
        match u32::try_from(number) {
            Ok(short) if self.width == 32 => Ipv4Addr::from(short).to_string(),
            _ => Ipv6Addr::from(number).to_string(),
        }
    }

    fn text(self) -> String {
        format!("{}/{}", self.address(self.base), self.length)
    }
}
