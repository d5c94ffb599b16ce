/// Wire formats, upstreams, identity, and the one pipeline.
@NullMarked
package dev.casemate.proxy.gateway;

import org.jspecify.annotations.NullMarked;
