from .mean import MeanModel
