package dev.runtimebridge.provider.local;

import dev.runtimebridge.provider.FileTrees;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Goes once through what a start does beside starting a process, in a folder of its own. A fresh
 * JVM takes some tenths of a second for that, which the first user need not wait for.
 */
record Rehearsal(Layout layout, AddressBook addresses, Marks marks) {
    void run() {
        try {
            var folder = layout.scratch();
            try {
                through(folder);
            } finally {
                FileTrees.delete(folder.path());
            }
        } catch (IOException | UncheckedIOException e) {
            return; // the first start says what is wrong
        }
    }

    private void through(ContainerFolder folder) throws IOException {
        var place = addresses.reserve();
        try {
            folder.place(place);
            folder.place();
            var self = ProcessIdentity.of(ProcessHandle.current().pid());
            if (self.isPresent()) {
                folder.process(self.get());
                folder.process();
            }
            marks.find();
        } finally {
            addresses.release(place);
        }
    }
}
