use super::*;

/// Credentials of many kinds, all invented.
fn planted() -> Vec<(&'static str, String)> {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    [
        ("access key", "LTAI5tFAKEfake0000000001"),
        ("old access key", "LTAIFAKE00000001"),
        ("temporary key", "STS.NTfakeFAKE0000000000001"),
        ("temporary key of a console", "TMP.3KfakeFAKE00000001"),
        ("aws key", "AKIAFAKE0000FAKE0000"),
        ("tencent key", "AKIDfake0000FAKEfake0000FAKE0000"),
        ("google key", "AIzaFAKE0000fake0000FAKE0000fake0000FAK"),
        ("github token", "ghp_fake0000FAKE0000fake0000FAKE0000fake"),
        ("gitlab token", "glpat-fakeFAKE00000000fake"),
        ("slack token", "xoxb-123456789012-fakeFAKE0000"),
        ("model key", "sk-fake0000fake0000fake0000fake0000"),
        ("web token", jwt),
        ("secret in an environment", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=fake0000FAKE0000fake0000FAKE00"),
        ("secret in JSON", r#"{"AccessKeySecret": "fake0000FAKE0000fake0000FAKE00"}"#),
        ("secret in YAML", "access_key_secret: fake0000FAKE0000fake0000FAKE00"),
        ("token in JSON", r#"{"SecurityToken":"CAIfake0000FAKE0000fake0000FAKE"}"#),
        ("password assigned", "MYSQL_PASSWORD=Fake0000!pw"),
        ("password in JSON", r#"{"password": "Fake0000!pw"}"#),
        ("password in YAML", "db_password: Fake0000!pw"),
        ("password in Chinese", "密码: Fake0000!pw"),
        ("password in a URL", "mysql://root:Fake0000pw@10.0.0.1:3306/db"),
        ("password of redis", "redis://:Fake0000pw@10.0.0.1:6379"),
        ("password argument", "mysql --password Fake0000pw -e 1"),
        ("password for chpasswd", "echo 'root:Fake0000pw' | chpasswd"),
        ("bearer", "Authorization: Bearer fake0000FAKE0000fake0000"),
        ("basic", "Authorization: Basic ZmFrZTpmYWtlMDAwMA=="),
        ("key block", "-----BEGIN RSA PRIVATE KEY-----\nMIIfake0000\n-----END RSA PRIVATE KEY-----"),
        ("plain key block", "-----BEGIN PRIVATE KEY-----\nMIIfake0000\n-----END PRIVATE KEY-----"),
        ("ssh key block", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bfake0000"),
        ("docker config", r#"{"auths":{"r":{"password":"Fake0000!pw"}}}"#),
    ]
    .into_iter()
    .map(|(name, text)| (name, text.to_owned()))
    .collect()
}

fn base64(bytes: &[u8], url: bool) -> String {
    let alphabet: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(if url { [b'-', b'_'] } else { [b'+', b'/'] })
        .collect();
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let mut bits = 0_u32;
        for at in 0..3 {
            bits = bits << 8 | u32::from(three.get(at).copied().unwrap_or(0));
        }
        for at in 0..4 {
            if at <= three.len() {
                out.push(alphabet[(bits >> (18 - 6 * at) & 63) as usize] as char);
            } else {
                out.push('=');
            }
        }
    }
    out
}

fn encodings(text: &str) -> Vec<(&'static str, String)> {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = text
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let all_percent: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let script = format!("#!/bin/bash\n# set up\nexport REGION=cn-hangzhou\n{text}\nsystemctl restart app\n");
    let once = base64(script.as_bytes(), false);
    let folded: Vec<&str> = once.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    vec![
        ("plain", text.to_owned()),
        ("in a script", script.clone()),
        ("in a JSON text", serde_json::to_string(&script).unwrap()),
        ("base64", base64(text.as_bytes(), false)),
        ("base64url", base64(text.as_bytes(), true)),
        ("base64 of a script", once.clone()),
        ("base64 folded", folded.join("\n")),
        ("base64 twice", base64(once.as_bytes(), false)),
        ("base64 of UTF-16", base64(&wide, false)),
        ("hex", hex),
        ("percent", percent),
        ("all percent", all_percent),
    ]
}

#[test]
fn every_planted_credential_is_found_in_every_encoding() {
    let mut count = 0;
    let mut missed = vec![];
    for (name, text) in planted() {
        for (encoding, encoded) in encodings(&text) {
            count += 1;
            if !contains_credential(&encoded) {
                missed.push(format!("{name}, {encoding}"));
            }
            let masked = mask(&encoded);
            assert!(!contains_credential(&masked), "{name}, {encoding}: {masked}");
            assert_eq!(mask(&masked), masked, "masking twice: {name}, {encoding}");
        }
    }
    assert!(count >= 200, "{count}");
    assert!(missed.is_empty(), "{} of {count}: {missed:#?}", missed.len());
}

#[test]
fn masking_leaves_no_part_of_the_secret_and_keeps_the_rest() {
    let text = "host=db.local password=Fake0000!pw port=3306";
    assert_eq!(mask(text), "host=db.local password=*** port=3306");
    assert_eq!(mask("key LTAI5tFAKEfake0000000001, see docs"), "key ***, see docs");
    assert_eq!(mask("mysql://root:Fake0000pw@10.0.0.1/db"), "mysql://root:***@10.0.0.1/db");
}

#[test]
fn ordinary_names_and_prose_are_no_credentials() {
    for text in [
        "acs:ram::1234567890123456:role/reader",
        "i-bp1234567890abcdefgh",
        "alicloud_oss_bucket.logs",
        "Rotate the password: every 90 days",
        "token: expired",
        "the secret: rotation is off",
        "password = var.db_password",
        "password = ${DB_PASSWORD}",
        "PASSWORD=$(cat /run/secret)",
        "password: ****",
        "password = \"\"",
        "https://help.aliyun.com/zh/ram/",
        "oss-cn-hangzhou.aliyuncs.com",
        "sk-learn-pipeline-with-a-long-name-of-words",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "Q1fA4sYwq9Kz7YQm2b0v5hT3dR8xJ6cN",
        "2026-11-25T19:20:14Z",
        "MinimumPasswordLength: 14",
        "password_policy: {minimum_length: 14}",
        "LTAI****************",
        "-----BEGIN PUBLIC KEY-----\nMII\n-----END PUBLIC KEY-----",
        "",
    ] {
        assert_eq!(mask(text), text);
    }
}

#[test]
fn arbitrary_text_neither_panics_nor_keeps_a_credential_after_masking() {
    let pieces = [
        "LTAI5tFAKE0000000001",
        "password=",
        "Fake0000!pw",
        "://a:b1@",
        "%3D",
        "=",
        "é密码",
        "\n",
        "QUJD",
        "-----BEGIN RSA PRIVATE KEY-----",
        "****",
        " ",
        "Bearer ",
        "eyJ",
        ".",
    ];
    let mut state = 88_172_645_463_325_252_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push_str(pieces[(state % pieces.len() as u64) as usize]);
        }
        let masked = mask(&text);
        assert!(!contains_credential(&masked), "{text:?} -> {masked:?}");
    }
}
