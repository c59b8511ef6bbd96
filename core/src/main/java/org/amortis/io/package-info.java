/**
 * Files: safetensors, numpy arrays and archives, idx and numeric tables, read by small strict readers, and writing that
 * survives a kill at any moment.
 *
 * <p>What is read is untrusted. Everything wrong in a file is a {@link org.amortis.array.FormatException} that names the
 * file and the offset; {@link java.io.IOException} is left for what the file system reports. Sizes are checked against
 * the length of the file before anything is allocated; where the length is not known (compressed data, streams) memory
 * grows with what really arrives, never beyond what the header claims. Nothing here opens a network connection.
 */
@NullMarked
package org.amortis.io;

import org.jspecify.annotations.NullMarked;
