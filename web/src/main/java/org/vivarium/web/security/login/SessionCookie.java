package org.vivarium.web.security.login;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Optional;

/** The cookie that carries the token of a session: out of reach of scripts, and never sent along by other sites. */
public final class SessionCookie {
    private static final String NAME = "VIVARIUM_SESSION";

    private SessionCookie() {}

    /** Returns the token that the browser sent; empty if it sent none. */
    public static Optional<String> of(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(NAME))
                        .map(Cookie::getValue)
                        .findFirst();
    }

    /** Has the browser keep {@code token}, out of the reach of scripts. */
    public static void set(HttpServletRequest request, HttpServletResponse response, String token) {
        response.addHeader("Set-Cookie", header(token, request.getContextPath(), request.isSecure()));
    }

    /** Has the browser forget the token. */
    public static void clear(HttpServletRequest request, HttpServletResponse response) {
        response.addHeader("Set-Cookie", header("", request.getContextPath(), request.isSecure()) + "; Max-Age=0");
    }

    /** Returns the header's value; {@code path} is where the cookie is sent. */
    static String header(String token, String path, boolean secure) {
        return NAME + '=' + token + "; Path=" + path + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }
}
