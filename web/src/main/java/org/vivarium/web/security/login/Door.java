package org.vivarium.web.security.login;

/** How somebody says who he is. */
enum Door {
    BASIC,
    FORM
}
