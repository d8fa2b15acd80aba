//! Values of condition operators: decimals, instants and address ranges, read exactly or not at all.

use std::net::IpAddr;

/// Digits that are kept after the decimal point.
const SCALE_DIGITS: usize = 18;

/// A decimal number, scaled by 10^18 so that comparison is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub(crate) i128);

impl Decimal {
    /// Reads `-12.50`; `None` for anything else (also exponents, and more than 18 digits on a side).
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |s: &str| !s.is_empty() && s.len() <= SCALE_DIGITS && s.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(part) {
            return None;
        }
        let joined: i128 = format!("{whole}{part:0<SCALE_DIGITS$}").parse().ok()?;
        Some(Decimal(if negative { joined.checked_neg()? } else { joined }))
    }

    /// The number as text, shortest form.
    #[must_use]
    pub fn text(self) -> String {
        let digits = format!("{:0>19}", self.0.unsigned_abs());
        let split = digits.len().saturating_sub(SCALE_DIGITS);
        let (whole, part) = digits.split_at_checked(split).unwrap_or((&digits, ""));
        let part = part.trim_end_matches('0');
        let sign = if self.0 < 0 { "-" } else { "" };
        if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }
}

/// Reads an ISO 8601 instant with `Z` or an offset into milliseconds since 1970. Seconds may be left out; a text
/// without a zone is refused, because the instant it means is not known.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let number = |s: Option<&str>, width: usize| -> Option<i64> {
        let s = s?;
        (s.len() == width && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok()).flatten()
    };
    let (date, rest) = text.split_once('T')?;
    let (clock, offset_minutes) = if let Some(clock) = rest.strip_suffix('Z') {
        (clock, 0)
    } else {
        let cut = rest.rfind(['+', '-'])?;
        let (clock, zone) = rest.split_at_checked(cut)?;
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let zone = zone.get(1..)?;
        let (hours, minutes) = zone.split_once(':').or_else(|| zone.split_at_checked(2))?;
        let (hours, minutes) = (number(Some(hours), 2)?, number(Some(minutes), 2)?);
        if hours > 14 || minutes > 59 {
            return None;
        }
        (clock, hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(sign)?)
    };
    let mut parts = date.split('-');
    let (year, month, day) = (number(parts.next(), 4)?, number(parts.next(), 2)?, number(parts.next(), 2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || day < 1 || day > days_of(year, month) {
        return None;
    }
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next(), 2)?, number(parts.next(), 2)?);
    let (second, milli) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            None => (number(Some(seconds), 2)?, 0),
            Some((s, f)) => {
                if f.is_empty() || f.len() > 9 || !f.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                (number(Some(s), 2)?, format!("{f:0<3}").get(..3)?.parse().ok()?)
            }
        },
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let minutes =
        days_from_1970(year, month, day)?.checked_mul(1440)?.checked_add(hour.checked_mul(60)?)?.checked_add(minute)?;
    minutes.checked_sub(offset_minutes)?.checked_mul(60)?.checked_add(second)?.checked_mul(1000)?.checked_add(milli)
}

fn leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_from_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    // Days before a year: 365 each and one per leap year before it.
    let before = |y: i64| -> Option<i64> {
        let y = y.checked_sub(1)?;
        y.checked_mul(365)?.checked_add(y.div_euclid(4))?.checked_sub(y.div_euclid(100))?.checked_add(y.div_euclid(400))
    };
    let mut days = before(year)?.checked_sub(before(1970)?)?;
    for m in 1..month {
        days = days.checked_add(days_of(year, m))?;
    }
    days.checked_add(day)?.checked_sub(1)
}

/// Writes milliseconds since 1970 as an ISO 8601 instant in UTC.
#[must_use]
pub fn instant_text(millis: i64) -> String {
    let seconds = millis.div_euclid(1000);
    let milli = millis.rem_euclid(1000);
    let mut days = seconds.div_euclid(86_400);
    let clock = seconds.rem_euclid(86_400);
    let mut year = 1970_i64;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if days < 0 {
            year = year.saturating_sub(1);
            days = days.saturating_add(if leap(year) { 366 } else { 365 });
        } else if days >= length {
            days = days.saturating_sub(length);
            year = year.saturating_add(1);
        } else {
            break;
        }
    }
    let mut month = 1;
    while days >= days_of(year, month) {
        days = days.saturating_sub(days_of(year, month));
        month = month.saturating_add(1);
    }
    let part = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    format!(
        "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}{part}Z",
        days.saturating_add(1),
        clock.div_euclid(3600),
        clock.rem_euclid(3600).div_euclid(60),
        clock.rem_euclid(60)
    )
}

/// A range of addresses of one family, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpRange {
    /// Whether the family is IPv6.
    pub v6: bool,
    /// First address as a number.
    pub low: u128,
    /// Last address as a number.
    pub high: u128,
}

impl IpRange {
    /// Reads an address or a CIDR; host bits are masked.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((a, p)) if !p.is_empty() && p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit()) => {
                (a, Some(p.parse::<u32>().ok()?))
            }
            Some(_) => return None,
            None => (text, None),
        };
        let (v6, number, width) = address_number(address)?;
        let prefix = prefix.unwrap_or(width);
        let host = width.checked_sub(prefix)?;
        let mask = if host >= 128 { u128::MAX } else { 1_u128.wrapping_shl(host).wrapping_sub(1) };
        Some(IpRange { v6, low: number & !mask, high: number | mask })
    }

    /// Whether an address lies in the range.
    #[must_use]
    pub fn holds(&self, v6: bool, number: u128) -> bool {
        self.v6 == v6 && self.low <= number && number <= self.high
    }

    /// The range as a CIDR; every range that [`Self::read`] gives is one.
    #[must_use]
    pub fn cidr(&self) -> String {
        let width: u32 = if self.v6 { 128 } else { 32 };
        let host = 128_u32.saturating_sub((self.low ^ self.high).leading_zeros());
        format!("{}/{}", address_text(self.v6, self.low), width.saturating_sub(host))
    }
}

fn address_number(text: &str) -> Option<(bool, u128, u32)> {
    match text.parse::<IpAddr>().ok()? {
        IpAddr::V4(a) => Some((false, u128::from(u32::from(a)), 32)),
        IpAddr::V6(a) => Some((true, u128::from(a), 128)),
    }
}

/// Reads one address into its family and number.
#[must_use]
pub fn address(text: &str) -> Option<(bool, u128)> {
    address_number(text).map(|(v6, number, _)| (v6, number))
}

/// Writes an address.
#[must_use]
pub fn address_text(v6: bool, number: u128) -> String {
    if v6 {
        std::net::Ipv6Addr::from(number).to_string()
    } else {
        std::net::Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)).to_string()
    }
}

/// Reads `true` or `false` in any case.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_compare_as_numbers_not_as_text() {
        let d = |s| Decimal::read(s).unwrap();
        assert!(d("9") < d("10") && d("1.2") == d("1.20") && d("-2") < d("-1.5"));
        assert_eq!((d("1.20").text(), d("-0.5").text(), d("100").text()), ("1.2".into(), "-0.5".into(), "100".into()));
        for bad in ["", "1e3", ".5", "1.", "+1", "0x1", "1 ", "1234567890123456789"] {
            assert_eq!(Decimal::read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn instants_with_offsets_compare_as_instants() {
        assert_eq!(instant("2019-08-12T17:00:00+08:00"), instant("2019-08-12T09:00:00Z"));
        assert_eq!(instant("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(instant("2000-02-29T12:30:15.250Z"), Some(951_827_415_250));
        for bad in [
            "2019-08-12",
            "2019-08-12T17:00:00",
            "2019-02-29T00:00:00Z",
            "2019-13-01T00:00:00Z",
            "2019-08-12T25:00:00Z",
            "x",
        ] {
            assert_eq!(instant(bad), None, "{bad:?}");
        }
        for text in ["2019-08-12T09:00:00Z", "1969-12-31T23:59:59Z", "2000-02-29T12:30:15.250Z", "2400-12-31T00:00:00Z"]
        {
            assert_eq!(instant_text(instant(text).unwrap()), text);
        }
    }

    #[test]
    fn host_bits_of_a_cidr_are_masked_and_families_stay_apart() {
        let range = IpRange::read("10.1.2.3/8").unwrap();
        assert_eq!(
            (address_text(false, range.low), address_text(false, range.high)),
            ("10.0.0.0".into(), "10.255.255.255".into())
        );
        assert_eq!(IpRange::read("::/0").unwrap().high, u128::MAX);
        assert!(!IpRange::read("0.0.0.0/0").unwrap().holds(true, 1));
        for bad in ["10.0.0.0/33", "10.0.0", "10.0.0.0/", "::1/129", "a"] {
            assert_eq!(IpRange::read(bad), None, "{bad:?}");
        }
    }
}
