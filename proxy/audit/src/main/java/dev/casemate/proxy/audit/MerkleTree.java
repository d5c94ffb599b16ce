package dev.casemate.proxy.audit;

import dev.casemate.manifest.Digest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The right edge of a growing Merkle tree: enough to add a leaf and to know the root.
///
/// `edge[h]` is the root of the complete subtree of height h that stands at the right edge, where
/// bit h of the size is set. Adding a leaf carries like adding one to a binary counter.
///
/// Source: RFC 6962, section 2.1.
final class MerkleTree {

    static final int HASH_BYTES = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final byte[][] edge = new byte[Long.SIZE][HASH_BYTES];
    private long size;

    static byte[] leaf(byte[] record) {
        var hash = sha256();
        hash.update(LEAF);
        return hash.digest(record);
    }

    static byte[] node(byte[] left, byte[] right) {
        var hash = sha256();
        hash.update(NODE);
        hash.update(left);
        return hash.digest(right);
    }

    static Digest digest(byte[] hash) {
        return new Digest("sha256:" + HexFormat.of().formatHex(hash));
    }

    void add(byte[] leaf) {
        var carried = leaf;
        int height = 0;
        for (long rest = size; (rest & 1) == 1; rest >>>= 1) {
            carried = node(edge[height], carried);
            height++;
        }
        edge[height] = carried;
        size++;
    }

    long size() {
        return size;
    }

    Digest root() {
        byte[] root = null;
        for (int height = 0; height < edge.length; height++) {
            if ((size >>> height & 1) == 1) {
                var subtree = edge[height];
                root = root == null ? subtree : node(subtree, root);
            }
        }
        return digest(root == null ? sha256().digest() : root);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
