"""Every place where the local AWS patches moto or reads its internals, those of moto 5.2.5.

One file or folder per service; each describes what moto does and what AWS does. All patches are undone at stop, so that
other users of moto in this process see the original. `manifest.json` holds a fingerprint of what they replace: after an
upgrade of moto, `python -m local_sagemaker.seams` names the seams to review.
"""

from local_sagemaker.moto_seams.ec2 import import_ec2

import_ec2()
