//! Runs of a text that may be another text in base64, hex or percent-encoding.

/// Longest run that is decoded: user data is at most 32 KB, environments less.
const LONGEST: usize = 1 << 20;

/// The runs that decode to text: first byte, one past the last, the text.
pub(super) fn encoded_runs(text: &str) -> Vec<(usize, usize, String)> {
    let mut found = vec![];
    let bytes = text.as_bytes();
    runs(bytes, is_base64, &mut |start, end| {
        let run = bytes.get(start..end).unwrap_or_default();
        if run.len() < 16 || run.len() > LONGEST {
            return;
        }
        let compact: Vec<u8> = run.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if compact.len().is_multiple_of(2)
            && compact.iter().all(u8::is_ascii_hexdigit)
            && let Some(decoded) = hex(&compact).and_then(readable)
        {
            found.push((start, end, decoded));
            return;
        }
        // What stands before the value may be of the same alphabet (`key=`, a path): try from each separator too.
        let mut starts = vec![0];
        starts.extend(
            compact
                .iter()
                .enumerate()
                .filter(|(_, byte)| matches!(byte, b'=' | b'/'))
                .map(|(at, _)| at.saturating_add(1))
                .take(8),
        );
        for from in starts {
            let part = compact.get(from..).unwrap_or_default();
            if let Some(decoded) = unbase64(part).and_then(readable) {
                found.push((start, end, decoded));
                return;
            }
        }
    });
    if text.contains('%') {
        runs(bytes, is_url, &mut |start, end| {
            let run = bytes.get(start..end).unwrap_or_default();
            if run.contains(&b'%')
                && run.len() <= LONGEST
                && let Some(decoded) = unpercent(run).and_then(|bytes| String::from_utf8(bytes).ok())
            {
                found.push((start, end, decoded));
            }
        });
    }
    found
}

/// Maximal runs of an alphabet. A line break continues a run of base64 that fills a line.
fn runs(bytes: &[u8], keep: fn(u8) -> bool, each: &mut dyn FnMut(usize, usize)) {
    let mut start = 0_usize;
    let mut line = 0_usize;
    let mut at = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        if keep(byte) {
            line = line.saturating_add(1);
        } else if !(matches!(byte, b'\n' | b'\r') && line >= 60 && keep(b'\t')) {
            if byte == b'\n' && line == 0 && bytes.get(at.wrapping_sub(1)) == Some(&b'\r') && at > start {
                // The second half of a line break inside a run.
            } else {
                if at > start {
                    each(start, at);
                }
                start = at.saturating_add(1);
            }
            line = 0;
        } else {
            line = 0;
        }
        at = at.saturating_add(1);
    }
    if at > start {
        each(start, at);
    }
}

/// The base64 alphabets; the tab marks the alphabet whose runs may go over line ends.
fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-' | b'\t')
}

fn is_url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'%' | b'-' | b'_' | b'.' | b'~' | b'+' | b'=' | b'&' | b'/' | b':' | b'?' | b'@' | b';')
}

fn hex(run: &[u8]) -> Option<Vec<u8>> {
    run.chunks_exact(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect()
}

pub(crate) fn unbase64(run: &[u8]) -> Option<Vec<u8>> {
    let body: Vec<u8> = run.iter().copied().take_while(|&byte| byte != b'=').collect();
    if body.len() < 12 || body.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(body.len());
    for four in body.chunks(4) {
        let mut bits = 0_u32;
        for &byte in four {
            let six = match byte {
                b'A'..=b'Z' => byte.wrapping_sub(b'A'),
                b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
                b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                _ => return None,
            };
            bits = bits.wrapping_shl(6) | u32::from(six);
        }
        for _ in four.len()..4 {
            bits = bits.wrapping_shl(6);
        }
        let [_, a, b, c] = bits.to_be_bytes();
        out.extend([a, b, c].iter().take(four.len().saturating_sub(1)));
    }
    Some(out)
}

fn unpercent(run: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(run.len());
    let mut bytes = run.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let pair = [bytes.next()?, bytes.next()?];
                out.push(std::str::from_utf8(&pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())?);
            }
            b'+' => out.push(b' '),
            _ => out.push(byte),
        }
    }
    Some(out)
}

/// Bytes as text: UTF-8, or UTF-16 as PowerShell encodes commands; nothing when they are not text.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let wide = bytes.len() >= 8 && bytes.iter().skip(1).step_by(2).filter(|&&byte| byte == 0).count() > bytes.len() / 3;
    if wide {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| match pair {
                [low, high] => u16::from_le_bytes([*low, *high]),
                _ => 0,
            })
            .collect();
        return String::from_utf16(&units).ok();
    }
    let text = String::from_utf8(bytes).ok()?;
    let odd = text.chars().filter(|char| char.is_control() && !matches!(char, '\n' | '\r' | '\t')).count();
    (odd == 0).then_some(text)
}
