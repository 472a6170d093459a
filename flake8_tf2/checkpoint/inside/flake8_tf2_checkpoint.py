"""Within a converted program: has its saver restore a checkpoint of TensorFlow 1 and save it, and ends the program.

`asked.json` beside this file names the checkpoint, "old", the one to write, "new", and a file, "told", for what came of
it: {"error"}, or {"went", "missing", "shapes", "left", "written"}; and "ended", true once it is all.
"""

import builtins
import json
import os
import sys
import traceback


def install():
    """Watch the savers of the program that runs now."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "asked.json"), encoding="utf-8") as file:
        watch = Watch(**json.load(file))
    build = builtins.__build_class__

    def build_class(function, name, *bases, **keywords):
        made = build(function, name, *bases, **keywords)
        if hasattr(made, "of_tf1") and hasattr(made, "by_name"):
            watch.hook(made)
        return made

    builtins.__build_class__ = build_class


class Watch:
    """Finds the saver of a program that takes most of a checkpoint."""

    def __init__(self, old, new, told):
        import tensorflow as tf

        self.tf, self.old, self.new, self.told = tf, old, new, told
        self.savers = []
        try:
            self.reader = tf.train.load_checkpoint(old)
        except Exception as error:
            self.end({"error": "%s cannot be read: %s" % (old, error)})
        if self.reader.has_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"):
            self.end({"error": "%s is a checkpoint of TensorFlow 2" % old})

    def hook(self, kind):
        """Have a class of savers tell what is made of it, and used."""
        own = dict(vars(kind))
        if "__init__" in own:
            init = own["__init__"]

            def made(saver, *args, **kwargs):
                init(saver, *args, **kwargs)
                if type(saver) is kind:
                    self.made(saver)

            kind.__init__ = made
        for name in ("save", "restore"):
            if name in own:
                setattr(kind, name, self.used)
                setattr(kind, "really_" + name, own[name])

    def made(self, saver):
        """If a saver takes all of the checkpoint, that is it; where shapes differ, no other will do."""
        self.savers.append(saver)
        try:
            found = self.fit(saver)
        except Exception:  # not all that it saves is there yet
            return
        if found["shapes"] or not found["missing"] and not found["left"]:
            self.end(self.converted(saver, found))
        self.tell(found)

    def used(self, *_, **__):
        """The program would save or restore now: so all is there. The saver that takes most is taken."""
        fits = [(self.fit(saver), saver) for saver in self.savers]
        found, saver = min(fits, key=lambda fit: (len(fit[0]["missing"]) + len(fit[0]["shapes"]), len(fit[0]["left"])))
        self.end(self.converted(saver, found))

    def fit(self, saver):
        """What goes where, what is missing and what is left over."""
        named = saver.by_name()
        old = self.reader.get_variable_to_shape_map()
        found = {"went": [], "missing": [], "shapes": [], "left": [], "written": False}
        used = set()
        for name, (keys, _) in saver.of_tf1(named, self.reader).items():
            row = {"tf1": keys, "variable": name, "shape": named[name].shape.as_list()}
            if not all(key in old for key in keys):
                found["missing"].append(row)
            elif len(keys) == 1 and list(old[keys[0]]) != row["shape"]:
                found["shapes"].append(dict(row, tf1_shape=list(old[keys[0]])))
            else:
                found["went"].append(row)
                used.update(keys)
        found["left"] = [{"tf1": [key], "shape": list(old[key])} for key in sorted(set(old) - used)]
        return found

    def converted(self, saver, found):
        """What came of it, after the new checkpoint was written, if nothing is missing."""
        if not found["missing"] and not found["shapes"]:
            try:
                saver.really_restore(self.old)
                saver.really_save(self.new)
                saver.really_restore(self.new)  # raises where something was not saved
            except Exception as error:
                traceback.print_exc()
                return {"error": "%s: %s" % (type(error).__name__, error)}
            found["written"] = True
        return found

    def tell(self, found):
        with open(self.told + ".part", "w", encoding="utf-8") as file:
            json.dump(found, file)
        os.replace(self.told + ".part", self.told)

    def end(self, found):
        """Tell, and end the process: nothing of the program shall run any more."""
        self.tell(dict(found, ended=True))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
