class Logger(object):
    def __init__(self, config):
        self.config = config

    def summarize(self, step, summaries_dict):
        for tag, value in sorted(summaries_dict.items()):
            print("%s at %d: %.6f" % (tag, step, value))
