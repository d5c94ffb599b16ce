package dev.casemate.proxy.policy;

import java.util.HashMap;
import java.util.Map;

/// An international bank account number: a country, its length, and a remainder of 1 modulo 97;
/// solid or in groups divided by single spaces or hyphens.
///
/// Source: ISO 13616-1 and SWIFT's IBAN registry for the lengths.
final class Iban implements Detector {

    private static final String LENGTHS =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27"
                    + " DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28"
                    + " HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21"
                    + " LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29"
                    + " PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23"
                    + " TN24 TR26 UA29 VA22 VG24 XK20 YE30";
    private static final Map<String, Integer> LENGTH = new HashMap<>();

    static {
        for (int i = 0; i < LENGTHS.length(); i += 5) {
            LENGTH.put(
                    LENGTHS.substring(i, i + 2), Integer.parseInt(LENGTHS.substring(i + 2, i + 4)));
        }
    }

    @Override
    public int look(PlainText text, int start, int end, boolean complete) {
        var country = "" + upper(text.at(start)) + upper(text.at(start + 1));
        int length = LENGTH.getOrDefault(country, 0);
        if (length == 0) {
            return NO;
        }
        var account = new char[length];
        int count = 0;
        int i = start;
        while (i < end && count < length) {
            char c = text.at(i);
            if (Detector.isAlphanumeric(c)) {
                account[count++] = upper(c);
            } else if ((c != ' ' && c != '-') || !Detector.isAlphanumeric(text.at(i - 1))) {
                return NO;
            }
            i++;
        }
        if (i == end && !complete) {
            return end + Math.max(1, length - count);
        }
        boolean whole = count == length && (i == end || !Detector.isAlphanumeric(text.at(i)));
        return whole && remainder(account) == 1 ? Detector.yes(i) : NO;
    }

    private static char upper(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
    }

    private static int remainder(char[] account) {
        int remainder = 0;
        for (int i = 0; i < account.length; i++) {
            char c = account[(i + 4) % account.length];
            remainder =
                    Detector.isDigit(c)
                            ? (remainder * 10 + c - '0') % 97
                            : (remainder * 100 + c - 'A' + 10) % 97;
        }
        return remainder;
    }
}
