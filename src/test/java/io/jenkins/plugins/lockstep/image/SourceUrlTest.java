package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://example.com/shop/cart.git, https://example.com/shop/cart",
        "https://example.com/shop/cart/, https://example.com/shop/cart",
        "https://alice:s3cret@example.com/shop/cart.git, https://example.com/shop/cart",
        "https://token@example.com:8443/shop/cart.git?x=1#y, https://example.com:8443/shop/cart",
        "https://EXAMPLE.com:443/Shop/Cart.git, https://example.com/Shop/Cart",
        "http://example.com:80/cart.git, https://example.com/cart",
        "http://example.com:3000/cart.git, https://example.com:3000/cart",
        "ssh://git@example.com:2222/shop/cart.git, https://example.com/shop/cart",
        "git+ssh://git@example.com/shop/cart.git, https://example.com/shop/cart",
        "git://example.com/shop/cart.git, https://example.com/shop/cart",
        "git@example.com:shop/cart.git, https://example.com/shop/cart",
        "alice:s3cret@example.com:shop/cart.git, https://example.com/shop/cart",
        "example.com:shop/cart, https://example.com/shop/cart",
        "ssh://hg@hg.example.com//repos/cart, https://hg.example.com/repos/cart",
        "https://alice:s3cret@hg.example.com/cart#stable, https://hg.example.com/cart",
        "static-http://hg.example.com/cart, https://hg.example.com/cart",
        "ssh://alice:s3cret@build_host:22/shop/cart.git, https://build_host/shop/cart",
    })
    void aRemoteIsWrittenAsAWebAddressWithoutWhoCloned(String origin, String expected) {
        assertThat(SourceUrl.normalised(origin)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/git/cart.git",
                "../cart",
                "./a:b",
                "file:///srv/git/cart.git",
                "C:\\work\\cart",
                "C:/work/cart",
                "path://other",
                "https://",
                "https://example.com/",
                "https://exa mple.com/x",
                "//server://cart",
                "https:cart://x",
                ""
            })
    void aLocalPathOrNoUrlAtAllGivesNone(String origin) {
        assertThat(SourceUrl.normalised(origin)).isEmpty();
    }
}
